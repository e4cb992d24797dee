using System;
using System.Reflection;
using System.Threading;
using Motionwire;
using UnityEngine;

namespace MotionwireTests
{
    /// <summary>What the engine does with components: it calls their private messages, frame by frame.</summary>
    internal static class Scene
    {
        /// <summary>The real server that the test run started for these tests.</summary>
        public static int Port { get { return int.Parse(Environment.GetEnvironmentVariable("MOTIONWIRE_TEST_PORT") ?? "0"); } }

        public static void Call(MonoBehaviour component, string message, params object[] arguments)
        {
            MethodInfo method = component.GetType().GetMethod(message, BindingFlags.Instance | BindingFlags.NonPublic);
            if (method != null) method.Invoke(component, arguments);
        }

        /// <summary>Runs frames until a condition holds; false after some seconds.</summary>
        public static bool Until(Func<bool> condition, params MonoBehaviour[] components)
        {
            for (int frame = 0; frame < 3600; frame++)
            {
                foreach (MonoBehaviour component in components) Call(component, "Update");
                foreach (MonoBehaviour component in components) Call(component, "LateUpdate");
                if (condition()) return true;
                Thread.Sleep(8);
            }
            return false;
        }

        /// <summary>Breaks the connection, and waits until that was noticed; it comes back with the same session, or with another one.</summary>
        public static void Break(MotionwireConnection connection, bool resume)
        {
            object link = Field(connection.Client, "link").GetValue(connection.Client);
            if (!resume) Field(link, "session").SetValue(link, "");
            ((ZmtpConnection)Field(link, "connection").GetValue(link)).ShutDown();
            Until(() => connection.Client.Alive == 0);
        }

        private static FieldInfo Field(object of, string name) { return of.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic); }

        public static MotionwireConnection Connect(ConnectionMode mode)
        {
            var connection = new GameObject("connection").AddComponent<MotionwireConnection>();
            connection.port = Port;
            connection.mode = mode;
            Call(connection, "OnEnable");
            return connection;
        }
    }
}
